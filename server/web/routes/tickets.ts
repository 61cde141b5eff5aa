import type { TicketView } from '../../contract/tickets.js'
import { asId, type CameraId } from '../../domain/ids.js'
import { json, route, type Route } from '../route.js'
import type { Tickets } from '../tickets.js'

/** A ticket to one camera's pictures, for the sign-in or the meeting room that asks. */
export function ticketRoutes({ tickets }: { readonly tickets: Tickets }): readonly Route[] {
  const given = (path: string, needs: 'camera.view' | 'guest'): Route =>
    route({
      method: 'post',
      path,
      needs,
      scope: { kind: 'camera', param: 'cameraId' },
      async act({ asker, params }) {
        const view: TicketView = tickets.issue({ personId: asker!.person.id, signInId: asker!.signIn.id, cameraId: asId<CameraId>(params['cameraId']!) })
        return json(view)
      },
    })
  return [given('/api/cameras/:cameraId/ticket', 'camera.view'), given('/room/cameras/:cameraId/ticket', 'guest')]
}
