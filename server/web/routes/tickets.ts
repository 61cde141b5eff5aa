import type { TicketView } from '../../contract/tickets.js'
import { asId, type CameraId } from '../../domain/ids.js'
import { json, route, type Route } from '../route.js'
import type { Tickets } from '../tickets.js'

/** A ticket to one camera's pictures, for the sign-in that asks. */
export function ticketRoutes({ tickets }: { readonly tickets: Tickets }): readonly Route[] {
  return [
    route({
      method: 'post',
      path: '/api/cameras/:cameraId/ticket',
      needs: 'camera.view',
      scope: { kind: 'camera', param: 'cameraId' },
      async act({ asker, params }) {
        const view: TicketView = tickets.issue({ personId: asker!.person.id, signInId: asker!.signIn.id, cameraId: asId<CameraId>(params['cameraId']!) })
        return json(view)
      },
    }),
  ]
}
