import { groundAt, makeLens, project } from '../../../server/sandbox/scenes/space.js'

const SIZE = { width: 1000, height: 500 }
const level = makeLens({ at: [0, 5, 0], yawDeg: 0, pitchDeg: 0, fovDeg: 90 }, SIZE)

const CASES = [
  { says: 'a point straight ahead at camera height lies in the middle', lens: level, p: [0, 5, 10], x: 500, y: 250 },
  { says: 'a metre to the right at 10 m is a tenth of the half picture', lens: level, p: [1, 5, 10], x: 550, y: 250 },
  { says: 'the ground at 5 m lies one half width below the middle', lens: level, p: [0, 0, 5], x: 500, y: 750 },
  { says: 'twice as far is half as large', lens: level, p: [2, 5, 40], x: 525, y: 250 },
  { says: 'a camera turned a quarter right looks along x', lens: makeLens({ at: [0, 5, 0], yawDeg: 90, pitchDeg: 0, fovDeg: 90 }, SIZE), p: [10, 5, 0], x: 500, y: 250 },
  { says: 'a camera pitched down 45 degrees sees the ground at its own height ahead', lens: makeLens({ at: [0, 5, 0], yawDeg: 0, pitchDeg: 45, fovDeg: 90 }, SIZE), p: [0, 0, 5], x: 500, y: 250 },
] as const

test.each(CASES)('$says', ({ lens, p, x, y }) => {
  const seen = project(lens, p)
  expect(seen?.x).toBeCloseTo(x, 6)
  expect(seen?.y).toBeCloseTo(y, 6)
})

test('what lies behind the camera is not projected', () => {
  expect(project(level, [0, 5, -3])).toBeNull()
})

test('a pixel of the ground leads back to the same place, whatever the lens', () => {
  const lens = makeLens({ at: [2, 7.4, -1], yawDeg: 7, pitchDeg: 16, fovDeg: 54 }, SIZE)
  for (const [x, z] of [[0, 20], [-6, 33], [5, 12], [3, 90]] as const) {
    const seen = project(lens, [x, 0.14, z])!
    const back = groundAt(lens, seen.x, seen.y, 0.14)!
    expect(back.x).toBeCloseTo(x, 6)
    expect(back.z).toBeCloseTo(z, 6)
    expect(back.depth).toBeCloseTo(seen.depth, 6)
  }
})

test('above the horizon there is no ground', () => {
  expect(groundAt(level, 500, 100, 0)).toBeNull()
})
