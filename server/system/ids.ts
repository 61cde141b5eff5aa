import { randomUUID } from 'node:crypto'

/** A new id that nobody can guess and nobody else will make. */
export function newId<T extends string>(): T {
  return randomUUID() as string as T
}
