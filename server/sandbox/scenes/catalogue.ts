import { benKho } from './places/ben-kho.js'
import { camDung } from './places/cam-dung.js'
import { cau } from './places/cau.js'
import { motChieu } from './places/mot-chieu.js'
import { ngaTu } from './places/nga-tu.js'
import { quangTruong } from './places/quang-truong.js'
import type { Scene } from './scene.js'

/** The cameras of the sandbox city, in the order of their numbers. */
export const SCENES: readonly Scene[] = [ngaTu, motChieu, camDung, quangTruong, benKho, cau]
