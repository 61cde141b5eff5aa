import type { WaitWhy } from './aim.js'
import { TROUBLE_WORDS, type TroubleCode } from './trouble.js'
import type { Words } from './words.js'

/** Why a rule that is bound to a preset does not watch now, and what may be done. `said` is the camera's own word, where it has one. */
export function wordWait(why: WaitWhy, { name, trouble, said }: { readonly name: string; readonly trouble: TroubleCode | null; readonly said: string | null }): Words {
  const told = said ? ` (${said})` : ''
  switch (why) {
    case 'elsewhere':
      return { vi: `Camera đang không ở góc đã đặt “${name}”: quy tắc chờ camera quay lại.`, en: `The camera is not at the preset “${name}”: the rule waits until it is back.` }
    case 'moving':
      return { vi: `Camera đang quay: quy tắc chờ camera dừng ở góc “${name}”.`, en: `The camera is moving: the rule waits until it stands at “${name}”.` }
    case 'unasked':
      return { vi: `Đang hỏi camera có đứng ở góc “${name}” không; quy tắc chờ trả lời.`, en: `The camera is being asked whether it stands at “${name}”; the rule waits for its answer.` }
    case 'silent': {
      const { state, next } = TROUBLE_WORDS[trouble ?? 'timed_out']
      return { vi: `Không hỏi được camera đang quay về đâu: ${state.vi}. ${next.vi} Quy tắc chờ.`, en: `The camera cannot be asked where it looks: ${state.en}. ${next.en} The rule waits.` }
    }
    case 'untold':
      return { vi: `Camera không cho biết đang quay về đâu${told}, nên quy tắc chờ. Nâng phần mềm camera, hoặc bỏ gắn góc quay và đừng xoay camera.`, en: `The camera does not tell where it looks${told}, so the rule waits. Update its firmware, or unbind the rule and leave the camera where it is.` }
    case 'alike':
      return { vi: 'Camera báo mọi góc đặt sẵn ở cùng một vị trí nên không tin được: quy tắc chờ. Đặt lại các góc trên camera, nâng phần mềm, hoặc bỏ gắn góc quay.', en: 'The camera tells one place for all of its presets and cannot be believed: the rule waits. Save the presets anew, update its firmware, or unbind the rule.' }
    case 'fixed':
      return { vi: `Camera không quay được, hoặc không hỏi được qua ONVIF, nên không ở góc “${name}”: quy tắc chờ. Bỏ gắn góc quay, hoặc thêm lại camera bằng địa chỉ ONVIF.`, en: `The camera cannot be turned, or cannot be asked over ONVIF, so it is not at “${name}”: the rule waits. Unbind the rule, or add the camera by its ONVIF address.` }
  }
}
