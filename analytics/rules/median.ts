/** The middle one, the upper of two; 0 of none. One wild box among five says nothing. */
export function median(numbers: readonly number[]): number {
  return middleOf(new Float64Array(numbers))
}

/** The same, in the memory of the numbers, which it puts out of order: Hoare's selection sorts no more than it must. */
export function middleOf(numbers: Float64Array): number {
  const middle = numbers.length >> 1
  let [low, high] = [0, numbers.length - 1]
  while (low < high) {
    const pivot = numbers[middle]!
    let [i, j] = [low, high]
    while (i <= j) {
      while (numbers[i]! < pivot) i += 1
      while (numbers[j]! > pivot) j -= 1
      if (i > j) break
      const kept = numbers[i]!
      numbers[i] = numbers[j]!
      numbers[j] = kept
      i += 1
      j -= 1
    }
    if (j < middle) low = i
    if (i > middle) high = j
  }
  return numbers[middle] ?? 0
}
