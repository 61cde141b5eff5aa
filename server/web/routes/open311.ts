import type { Feedback } from '../../feedback/feedback.js'
import { route, type Answer, type Asked, type Route } from '../route.js'

/** Open311 GeoReport v2 for other systems. The key is checked inside; the path below /open311/v2/ is the standard's own. */
export function open311Routes({ feedback }: { readonly feedback: Feedback }): readonly Route[] {
  const act =
    (method: 'get' | 'post') =>
    async ({ params, query, body }: Asked): Promise<Answer> => {
      // Express 5 gives a wildcard as the list of its pieces.
      const rest: unknown = params['rest']
      const path = Array.isArray(rest) ? rest.join('/') : ''
      const answered = await feedback.open311({ method, path, query, form: formOf(body) })
      return { kind: 'bytes', status: answered.status, headers: { 'content-type': answered.mediaType, 'cache-control': 'no-store' }, body: answered.body }
    }
  return [
    route({ method: 'get', path: '/open311/v2/*rest', needs: 'api_key', scope: 'none', act: act('get') }),
    route({ method: 'post', path: '/open311/v2/*rest', needs: 'api_key', scope: 'none', act: act('post') }),
  ]
}

/** The standard posts form fields; a JSON body with the same names is taken too. Anything that is no plain value is left out. */
function formOf(body: unknown): URLSearchParams {
  const form = new URLSearchParams()
  for (const [name, value] of Object.entries(typeof body === 'object' && body !== null ? body : {})) {
    for (const one of Array.isArray(value) ? value : [value]) if (typeof one === 'string' || typeof one === 'number' || typeof one === 'boolean') form.append(name, String(one))
  }
  return form
}
