/**
 * The cheapest way to give each row at most one column (the assignment problem), by shortest augmenting paths with
 * potentials, as Jonker and Volgenant do it: O(rows² × columns). A pair whose cost is not finite is never made; a row
 * stays alone for `aloneCost`, by default only when it must. Answers, for each row, its column or -1.
 */
export function assign(cost: readonly ArrayLike<number>[], aloneCost?: number): number[] {
  const rows = cost.length
  const columns = cost[0]?.length ?? 0
  if (rows === 0 || columns === 0) return cost.map(() => -1)
  // Each row gets a private spare column. By default it costs more than any set of real pairs, so that a row stays alone
  // only when nothing is left for it.
  const alone = aloneCost ?? 2 * (dearest(cost) + 1) * (rows + 1)
  const wide = columns + rows
  const costs = new Float64Array(rows * wide).fill(Infinity)
  cost.forEach((row, i) => {
    costs.set(row, i * wide)
    costs[i * wide + columns + i] = alone
  })
  const rowOf = solve(rows, wide, costs)
  const answer = cost.map(() => -1)
  for (let j = 0; j < columns; j++) {
    const i = rowOf[j] ?? -1
    if (i >= 0) answer[i] = j
  }
  return answer
}

function dearest(cost: readonly ArrayLike<number>[]): number {
  let most = 0
  for (const row of cost) for (let j = 0; j < row.length; j += 1) if (Number.isFinite(row[j])) most = Math.max(most, Math.abs(row[j]!))
  return most
}

/** Rows join one by one; each walks the shortest alternating path to a free column. Answers the row of each column. */
function solve(rows: number, columns: number, costs: Float64Array): Int32Array {
  const rowPrice = new Float64Array(rows)
  const columnPrice = new Float64Array(columns)
  const rowOf = new Int32Array(columns).fill(-1)
  const distance = new Float64Array(columns)
  const cameFrom = new Int32Array(columns)
  const done = new Uint8Array(columns)
  for (let start = 0; start < rows; start++) {
    distance.fill(Infinity)
    cameFrom.fill(-1)
    done.fill(0)
    let row = start
    let column = -1
    let walked = 0
    for (;;) {
      const first = row * columns
      const price = rowPrice[row]!
      let next = -1
      let best = Infinity
      for (let j = 0; j < columns; j++) {
        if (done[j] === 1) continue
        const length = walked + costs[first + j]! - price - columnPrice[j]!
        if (length < distance[j]!) {
          distance[j] = length
          cameFrom[j] = column
        }
        if (distance[j]! < best) {
          best = distance[j]!
          next = j
        }
      }
      walked = best
      column = next
      done[column] = 1
      if ((rowOf[column] ?? -1) < 0) break
      row = rowOf[column] ?? 0
    }
    for (let j = 0; j < columns; j++) {
      if (!done[j] || j === column) continue
      const owner = rowOf[j] ?? 0
      rowPrice[owner] = (rowPrice[owner] ?? 0) + walked - (distance[j] ?? 0)
      columnPrice[j] = (columnPrice[j] ?? 0) - walked + (distance[j] ?? 0)
    }
    rowPrice[start] = (rowPrice[start] ?? 0) + walked
    while (column >= 0) {
      const before = cameFrom[column] ?? -1
      rowOf[column] = before < 0 ? start : (rowOf[before] ?? start)
      column = before
    }
  }
  return rowOf
}
