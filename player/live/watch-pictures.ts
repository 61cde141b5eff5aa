/** Calls for each picture that really reaches the glass, with its media time, until the returned function is called. */
export function watchPictures(video: HTMLVideoElement, onPicture: (mediaTime: number) => void): () => void {
  let watching = true
  const next = (): void => {
    video.requestVideoFrameCallback((_, { mediaTime }) => {
      if (!watching) return
      onPicture(mediaTime)
      next()
    })
  }
  next()
  return () => {
    watching = false
  }
}
