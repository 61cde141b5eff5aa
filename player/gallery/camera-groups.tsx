import { Rules, Streams, TroubleNote } from '../cameras/camera-detail.js'
import { CameraList } from '../cameras/camera-list.js'
import { Ladder } from '../cameras/inspection.js'
import { PushGiven, PushState } from '../cameras/push-camera.js'
import { Drawn } from '../ui/drawn.js'
import { alerts, camera, cameras, inspection, intakeClosed, notPushed, NOW_MS, unreachable, wrongPassword } from './fixtures.js'
import type { Group } from './gallery.js'
import { street } from './street.js'

const rungs = ['reach', 'onvif', 'sign_in', 'main_stream', 'sub_stream', 'web', 'clock'] as const

/** One that one person approved, one that waits for its view, one that rests. */
const ruled = camera(34, '', { rules: [{ ...cameras[2]!.rules[0]!, alone: true }, { ...cameras[0]!.rules[0]!, waits: { vi: 'Camera đang không ở góc đã đặt “Đầu cầu”: quy tắc chờ camera quay lại.', en: 'The camera is not at the preset “Đầu cầu”: the rule waits until it is back.' } }, cameras[2]!.rules[1]!] })

export const cameraGroups: readonly Group[] = [
  { name: 'Camera list', cells: [{ name: 'every state', look: 'w-side panelled', show: () => <div className="cams"><div className="q"><CameraList cameras={cameras} current="cam-3" now={NOW_MS} search={{}} /></div></div> }] },
  {
    name: 'Trouble',
    cells: [
      { name: 'unreachable', look: 'w-side', show: () => <TroubleNote trouble={unreachable} since={NOW_MS - 8_040_000} now={NOW_MS} /> },
      { name: 'wrong password', look: 'w-side', show: () => <TroubleNote trouble={wrongPassword} since={null} now={NOW_MS} /> },
    ],
  },
  {
    name: 'Push',
    cells: [
      { name: 'address and key, told once', look: 'w-wide panelled', show: () => <PushGiven push={{ address: 'rtmp://10.20.0.2/live', key: '0123456789abcdef0123456789abcdef' }} /> },
      { name: 'waiting for the device', look: 'w-side panelled', show: () => <PushState camera={camera(30, '', { state: 'waiting', trouble: notPushed })} /> },
      { name: 'the picture has arrived', look: 'w-side panelled', show: () => <PushState camera={camera(31, '')} /> },
      { name: 'the port is not open', look: 'w-side panelled', show: () => <PushState camera={camera(32, '', { state: 'waiting', trouble: intakeClosed })} /> },
    ],
  },
  {
    name: 'Ladder',
    cells: [
      { name: 'stops at a rung', look: 'w-wide panelled', show: () => <Ladder inspection={inspection} /> },
      { name: 'all rungs hold', look: 'w-wide panelled', show: () => <Ladder inspection={{ ...inspection, verdict: 'usable', rungs: rungs.map((rung) => ({ rung, ok: true, ms: 5, said: { vi: 'tốt', en: 'well' }, trouble: null })) }} /> },
    ],
  },
  {
    name: 'Streams',
    cells: [
      { name: 'live', look: 'w-wide panelled', show: () => <Streams streams={cameras[0]?.streams ?? []} now={NOW_MS} /> },
      { name: 'in trouble', look: 'w-wide panelled', show: () => <Streams streams={cameras[10]?.streams ?? []} now={NOW_MS} /> },
    ],
  },
  {
    name: 'Rules of a camera',
    cells: [
      { name: 'to switch', look: 'w-side panelled', show: () => <Rules camera={ruled} edits /> },
      { name: 'to look at', look: 'w-side panelled', show: () => <Rules camera={ruled} edits={false} /> },
      { name: 'none', look: 'w-side panelled', show: () => <Rules camera={camera(33, '')} edits /> },
    ],
  },
  {
    name: 'Drawn over the picture',
    cells: (cameras.slice(0, 3)).map((camera) => ({ name: camera.rules.map((rule) => rule.kind).join(', '), look: 'w-spot', show: () => <div className="clip frame"><img src={street(3)} alt="" /><Drawn size={{ width: 1280, height: 720 }} rules={camera.rules} witnesses={camera.id === 'cam-1' ? (alerts[0]?.witnesses ?? []) : []} names /></div> })),
  },
]
