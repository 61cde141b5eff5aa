/** Things that hang together: each is near another of its cluster. In the order given. */
export function clustersOf<T>(things: readonly T[], near: (a: T, b: T) => boolean): T[][] {
  const free = new Set(things)
  const clusters: T[][] = []
  for (const first of things) {
    if (!free.delete(first)) continue
    const cluster = [first]
    // Grows while it is walked: whom the newest member brings is walked as well.
    for (const member of cluster) {
      for (const other of free) {
        if (!near(member, other)) continue
        free.delete(other)
        cluster.push(other)
      }
    }
    clusters.push(cluster)
  }
  return clusters
}
