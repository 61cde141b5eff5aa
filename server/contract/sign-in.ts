import { z } from 'zod'

export const Role = z.enum(['police', 'traffic', 'ioc', 'admin'])
export const Language = z.enum(['vi', 'en'])

/** POST /api/sign-in. The cookie that comes back is HttpOnly: scripts never see the session. */
export const SignInForm = z.strictObject({ name: z.string().trim().min(1).max(64), password: z.string().min(1).max(256) })
export type SignInForm = z.infer<typeof SignInForm>

/** POST /api/first-administrator, once, with the secret that the console printed. */
export const FirstAdministratorForm = z.strictObject({
  secret: z.string().min(1).max(128),
  name: z.string().trim().min(2).max(64),
  displayName: z.string().trim().min(1).max(120),
  password: z.string().min(1).max(256),
  siteName: z.string().trim().min(1).max(120),
})
export type FirstAdministratorForm = z.infer<typeof FirstAdministratorForm>

export const LanguageForm = z.strictObject({ language: Language })

/** GET /api/me */
export interface Me {
  readonly id: string
  readonly name: string
  readonly displayName: string
  readonly role: z.infer<typeof Role>
  readonly language: z.infer<typeof Language>
  readonly permissions: readonly string[]
  readonly areas: readonly { readonly id: string; readonly name: string }[]
  readonly siteName: string
  readonly signInExpiresAtMs: number
}

/** GET /api/welcome, without sign-in: what the door shows. */
export interface Welcome {
  readonly siteName: string
  /** True until the first administrator exists: the door asks for the one-time secret. */
  readonly firstRun: boolean
  /** True when virtual cameras play: the door says so. */
  readonly sandbox: boolean
}

/** People as administrators see them. GET /api/people; POST /api/people; PATCH /api/people/:personId */
export interface PersonView {
  readonly id: string
  readonly name: string
  readonly displayName: string
  readonly role: z.infer<typeof Role>
  readonly areas: readonly string[]
  readonly disabled: boolean
}

export const NewPersonForm = z.strictObject({
  name: z.string().trim().min(2).max(64),
  displayName: z.string().trim().min(1).max(120),
  role: Role,
  areas: z.array(z.string().max(64)).min(1).max(200),
  password: z.string().min(1).max(256),
})
export type NewPersonForm = z.infer<typeof NewPersonForm>

export const PersonChangeForm = z.strictObject({
  displayName: z.string().trim().min(1).max(120).optional(),
  role: Role.optional(),
  areas: z.array(z.string().max(64)).min(1).max(200).optional(),
  disabled: z.boolean().optional(),
  password: z.string().min(1).max(256).optional(),
})
export type PersonChangeForm = z.infer<typeof PersonChangeForm>
