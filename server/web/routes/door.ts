import { RateLimiterMemory } from 'rate-limiter-flexible'
import { FirstAdministratorForm, LanguageForm, SignInForm, type Me, type Welcome } from '../../contract/sign-in.js'
import type { AreaId, PersonId } from '../../domain/ids.js'
import { rightsOf, type Person } from '../../domain/person.js'
import type { Store } from '../../storage/store.js'
import type { Clock } from '../../system/clock.js'
import { newId } from '../../system/ids.js'
import { TooBusy, type Passwords } from '../../system/password.js'
import { badForm, conflict, forbidden, notReady, signInFailed, tooManyTries } from '../problems.js'
import { json, refuse, route, type Asker, type Route } from '../route.js'
import { sameSecret, SIGN_IN_MS_MAX, type SignIns } from '../sign-in.js'

export interface DoorParts {
  readonly store: Store
  readonly signIns: SignIns
  readonly passwords: Passwords
  readonly clock: Clock
  readonly siteName: string
  readonly sandbox: boolean
  /** The one-time secret printed on the console while there is no administrator; null after. */
  readonly firstSecret: () => string | null
  /** The root of the area tree exists from here on. */
  readonly onFirst: (siteName: string) => Promise<AreaId>
}

/** Five wrong tries an account, thirty an address, in fifteen minutes (S14); a good sign-in forgives the account. */
const TRY_WINDOW_S = 15 * 60

export function doorRoutes(parts: DoorParts): readonly Route[] {
  const { store, signIns, passwords, clock } = parts
  const byName = new RateLimiterMemory({ points: 5, duration: TRY_WINDOW_S })
  const byIp = new RateLimiterMemory({ points: 30, duration: TRY_WINDOW_S })
  const siteName = async (): Promise<string> => (await store.notes.get('site.name')) ?? parts.siteName

  const meOf = async (asker: Pick<Asker, 'person' | 'signIn'>): Promise<Me> => {
    const areas = await store.areas.list()
    const { id, name, displayName, role, language } = asker.person
    return {
      id,
      name,
      displayName,
      role,
      language,
      permissions: rightsOf(role),
      areas: areas.filter((area) => asker.person.areas.includes(area.id)).map((area) => ({ id: area.id, name: area.name })),
      siteName: await siteName(),
      signInExpiresAtMs: asker.signIn.expiresAtMs,
    }
  }

  const letIn = async (person: Person) => {
    const { token, signIn } = await signIns.begin(person)
    return { kind: 'json', value: await meOf({ person, signIn }), cookie: { set: token, maxAgeMs: SIGN_IN_MS_MAX } } as const
  }

  return [
    route({
      method: 'get',
      path: '/api/welcome',
      needs: 'anyone',
      scope: 'none',
      async act() {
        return json({ siteName: await siteName(), firstRun: (await store.people.count()) === 0, sandbox: parts.sandbox } satisfies Welcome)
      },
    }),
    route<SignInForm>({
      method: 'post',
      path: '/api/sign-in',
      needs: 'anyone',
      scope: 'none',
      form: SignInForm,
      async act({ body, ip }) {
        const account = body.name.toLowerCase()
        const [named, addressed] = await Promise.all([byName.get(account), byIp.get(ip)])
        const waitMs = Math.max(named && named.consumedPoints >= 5 ? named.msBeforeNext : 0, addressed && addressed.consumedPoints >= 30 ? addressed.msBeforeNext : 0)
        if (waitMs > 0) return refuse(tooManyTries(waitMs))
        const found = await store.people.findForSignIn(body.name)
        // An unknown name costs the same effort as a wrong password: the time tells nothing.
        const good = await passwords.verify(found?.passwordHash ?? null, body.password).catch((fault: unknown) => (fault instanceof TooBusy ? null : Promise.reject(fault)))
        if (good === null) return refuse(notReady)
        if (good && found && passwords.needsRehash(found.passwordHash)) await store.people.change(found.person.id, { passwordHash: await passwords.hash(body.password) })
        if (!good || !found || found.person.disabled) {
          await Promise.all([byName.penalty(account, 1), byIp.penalty(ip, 1)])
          return refuse(signInFailed)
        }
        await byName.delete(account)
        return letIn(found.person)
      },
    }),
    route({
      method: 'post',
      path: '/api/sign-out',
      needs: 'session.own',
      scope: 'none',
      async act({ token }) {
        if (token) await signIns.end(token)
        return { kind: 'json', value: { ok: true }, cookie: { clear: true } }
      },
    }),
    route({
      method: 'get',
      path: '/api/me',
      needs: 'session.own',
      scope: 'none',
      async act({ asker }) {
        return json(await meOf(asker!))
      },
    }),
    route<{ language: 'vi' | 'en' }>({
      method: 'post',
      path: '/api/me/language',
      needs: 'session.own',
      scope: 'none',
      form: LanguageForm,
      async act({ asker, body }) {
        const person = await store.people.change(asker!.person.id, { language: body.language })
        signIns.forget()
        return json(await meOf({ person: person ?? asker!.person, signIn: asker!.signIn }))
      },
    }),
    route<FirstAdministratorForm>({
      method: 'post',
      path: '/api/first-administrator',
      needs: 'anyone',
      scope: 'none',
      form: FirstAdministratorForm,
      async act({ body, ip }) {
        const tried = await byIp.get(ip)
        if (tried && tried.consumedPoints >= 30) return refuse(tooManyTries(tried.msBeforeNext))
        const secret = parts.firstSecret()
        if ((await store.people.count()) > 0 || !secret) return refuse(conflict('already_begun', 'Đã có quản trị viên', 'There is an administrator already'))
        if (!sameSecret(body.secret, secret)) {
          await byIp.penalty(ip, 1)
          return refuse({ ...forbidden, code: 'secret_wrong', title: { vi: 'Mã một lần không đúng', en: 'The one-time secret does not match' }, next: { vi: 'Nhập đúng mã một lần in trên màn hình máy chủ.', en: 'Enter the one-time secret that the server printed on its console.' }, faults: [{ field: 'secret', reason: 'does not match' }] })
        }
        const weak = passwords.weakness(body.password, [body.name, body.displayName, body.siteName])
        if (weak) return refuse(badForm([{ field: 'password', reason: `${weak.vi} / ${weak.en}` }]))
        const root = await parts.onFirst(body.siteName)
        const person = await store.people.add({ id: newId<PersonId>(), name: body.name, displayName: body.displayName, role: 'admin', areas: [root], language: 'vi', passwordHash: await passwords.hash(body.password), createdAtMs: clock.wallMs() })
        return letIn(person)
      },
    }),
  ]
}
