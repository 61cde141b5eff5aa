/** The two languages of the product, Vietnamese first. Everything a person reads that the server words carries both. */
export type Language = 'vi' | 'en'

export interface Words {
  readonly vi: string
  readonly en: string
}
