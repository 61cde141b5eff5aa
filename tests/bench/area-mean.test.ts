import { areaMean } from './area-mean.js'

const grey = (width: number, values: readonly number[]): { width: number; height: number; rgb: Uint8Array } => ({ width, height: values.length / width, rgb: Uint8Array.from(values.flatMap((value) => [value, value + 1, value + 2])) })

test.each<[string, number, number[], { width: number; height: number }, number[]]>([
  ['each new pixel is the mean of those it lies on', 4, [10, 20, 30, 40, 30, 40, 50, 60], { width: 2, height: 1 }, [25, 45]],
  ['of one that it covers in part it takes that part', 3, [0, 90, 180], { width: 2, height: 1 }, [30, 150]],
  ['in both directions', 3, [0, 90, 180, 0, 90, 180, 120, 120, 120], { width: 2, height: 2 }, [30, 150, 90, 130]],
  ['the size that it has leaves it as it is', 2, [1, 2, 3, 4], { width: 2, height: 2 }, [1, 2, 3, 4]],
])('%s', (_, width, values, size, wanted) => {
  const small = areaMean(grey(width, values), size)
  expect([small.width, small.height]).toEqual([size.width, size.height])
  expect([...small.rgb]).toEqual([...grey(size.width, wanted).rgb])
})

test('a larger size is refused by name', () => {
  expect(() => areaMean(grey(2, [1, 2]), { width: 3, height: 1 })).toThrow('size must not be larger than 2x1, got 3x1')
})
