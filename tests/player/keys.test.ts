import { readKey, tileOf, type Press } from '../../player/keys/key-law.js'

const press = (part: Partial<Press>): Press => ({ code: '', key: '', isComposing: false, ctrlKey: false, altKey: false, metaKey: false, shiftKey: false, ...part })
const letter = (name: string) => press({ code: `Key${name}`, key: name.toLowerCase() })

describe('a key of ours', () => {
  test.each([
    ['a letter by its place on the keyboard, whatever it types', press({ code: 'KeyT', key: 'ơ' }), { is: 'letter', letter: 'T' }],
    ['a digit above the letters', press({ code: 'Digit7', key: '7' }), { is: 'digit', digit: 7 }],
    ['a digit of the number pad', press({ code: 'Numpad7', key: '7' }), { is: 'digit', digit: 7 }],
    ['an arrow', press({ code: 'ArrowLeft', key: 'ArrowLeft' }), { is: 'arrow', to: 'left' }],
    ['the question mark, which needs Shift', press({ code: 'Slash', key: '?', shiftKey: true }), { is: 'help' }],
    ['the slash', press({ code: 'Slash', key: '/' }), { is: 'search' }],
    ['the backquote, for tabs', press({ code: 'Backquote', key: '`' }), { is: 'tab' }],
    ['Ctrl+Z takes back', { ...letter('Z'), ctrlKey: true }, { is: 'undo' }],
    ['Ctrl+Shift+Z does it again', { ...letter('Z'), ctrlKey: true, shiftKey: true }, { is: 'redo' }],
    ['Enter of the number pad', press({ code: 'NumpadEnter', key: 'Enter' }), { is: 'enter' }],
  ])('%s', (_name, given, expected) => expect(readKey(given, false)).toEqual(expected))
})

describe('no key of ours', () => {
  test.each([
    ['letters that Vietnamese typing composes', letter('A'), false],
    ['w, which some typing tools swallow', letter('W'), false],
    ['Backspace, which typing tools send by themselves', press({ code: 'Backspace', key: 'Backspace' }), false],
    ['a press inside a composition', { ...letter('T'), isComposing: true }, false],
    ['a press that a typing tool holds (key 229)', press({ code: 'KeyT', key: 'Process' }), false],
    ['with Ctrl, which is the browser’s', { ...letter('T'), ctrlKey: true }, false],
    ['with Shift', { ...letter('T'), shiftKey: true }, false],
    ['a letter injected without a scan code', press({ code: '', key: 't' }), false],
    ['Ctrl+Z in a field, which is the browser’s', { ...letter('Z'), ctrlKey: true }, true],
    ['a letter typed into a field', letter('T'), true],
    ['a digit typed into a field', press({ code: 'Digit1', key: '1' }), true],
  ])('%s', (_name, given, typing) => expect(readKey(given, typing)).toBeNull())

  test('but Escape leaves a field', () => expect(readKey(press({ code: 'Escape', key: 'Escape' }), true)).toEqual({ is: 'escape' }))
})

describe('digits make a tile number', () => {
  test.each([
    ['1 of 9 tiles is tile 1, and no second digit is awaited', null, 1, 9, { tile: 1, first: null }],
    ['1 of 13 tiles is tile 1 at once, and a second digit may follow', null, 1, 13, { tile: 1, first: 1 }],
    ['then 2 makes it 12', 1, 2, 13, { tile: 12, first: null }],
    ['then 9 cannot make 19 of 13 and is tile 9', 1, 9, 13, { tile: 9, first: null }],
    ['0 alone is no tile', null, 0, 13, { tile: null, first: null }],
    ['10 needs its 0', 1, 0, 13, { tile: 10, first: null }],
    ['5 of 4 tiles is no tile', null, 5, 4, { tile: null, first: null }],
  ])('%s', (_name, first, digit, tiles, expected) => expect(tileOf(first, digit, tiles)).toEqual(expected))
})
