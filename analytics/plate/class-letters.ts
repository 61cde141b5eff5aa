import { namesNoted } from '../detect/class-names.js'
import { ModelFault } from '../detect/detector.js'
import { ALPHABET } from './plate.js'

/** For each class of a reader the place of its letter in ALPHABET; null: a letter that no Vietnamese plate carries. */
export type ClassLetters = readonly (number | null)[]

const DIGITS = '0123456789'

/**
 * Which class is which letter: told by whoever brought the model (`given`), else by the notes in its file. Throws a ModelFault
 * where neither fits the number of classes, or where a digit is missing, for every plate has digits. Pure.
 */
export function lettersOfClasses(classes: number, notes: ReadonlyMap<string, string>, given: readonly string[] | null): ClassLetters {
  const names = given ?? namesNoted(notes)
  const next = 'Write the letters of its classes, in their order, into a file such as ["0", "1", "A"], and name that file in eyes.plateModels.letters.'
  if (names.length !== classes) throw new ModelFault('plate-reader', `the plate-reader tells ${classes} classes, ${given ? 'the list of letters has' : 'the notes in its file name'} ${names.length === 0 ? 'none' : names.length}`, next)
  const letters = names.map((name) => name.trim().toUpperCase())
  const lacks = Array.from(DIGITS).filter((digit) => !letters.includes(digit))
  if (lacks.length > 0) throw new ModelFault('plate-reader', `no class of the plate-reader is the digit ${lacks.join(', ')}: its classes are ${letters.slice(0, 12).join(', ')}`, next)
  return letters.map((letter) => (letter.length === 1 && ALPHABET.includes(letter) ? ALPHABET.indexOf(letter) : null))
}
