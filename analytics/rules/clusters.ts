/** Things that hang together: each is near another of its cluster. In the order given. */
export function clustersOf<T>(things: readonly T[], near: (a: T, b: T) => boolean): T[][] {
  const clusters: T[][] = []
  let free = things
  while (free.length > 0) {
    const cluster = free.slice(0, 1)
    free = free.slice(1)
    // Grows while it is walked: whom the newest member brings is walked as well.
    for (const member of cluster) {
      const apart: T[] = []
      for (const other of free) (near(member, other) ? cluster : apart).push(other)
      free = apart
    }
    clusters.push(cluster)
  }
  return clusters
}
