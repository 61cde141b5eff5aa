import { checkClaim, checkClassCount, checkDims, notANumber, type Claim, type Decoder } from './decoder.js'

/**
 * Our own format (models/training/export.py): uint8 [N,H,W,3] in, boxes [N,A,4] in input pixels and scores [N,A,C] out. All
 * pixel work and all decoding is inside the network, so that a frame's own bytes are the tensor.
 */
export const eyesDecoder: Decoder = {
  format: 'eyes',
  placing: 'corner',
  sizeFree: { width: 640, height: 384 },
  pack(pictures, size) {
    const [only] = pictures
    const dims = [pictures.length, size.height, size.width, 3]
    if (only && pictures.length === 1) return { type: 'uint8', dims, values: only }
    const values = new Uint8Array(pictures.length * size.width * size.height * 3)
    pictures.forEach((picture, at) => values.set(picture, at * size.width * size.height * 3))
    return { type: 'uint8', dims, values }
  },
  countClasses(outputs, _size, pictures) {
    const boxes = checkDims('boxes', outputs[0], [pictures, null, 4])
    const scores = checkDims('scores', outputs[1], [pictures, boxes.dims[1]!, null])
    return checkClassCount(scores.dims[2]!)
  },
  read(outputs, size, pictures, scoreMins) {
    const classes = this.countClasses(outputs, size, pictures)
    const boxes = outputs[0]!
    const scores = outputs[1]!
    const anchors = boxes.dims[1]!
    return Array.from({ length: pictures }, (_, picture) => {
      const claims: Claim[] = []
      for (let anchor = picture * anchors; anchor < (picture + 1) * anchors; anchor += 1) {
        for (let classAt = 0; classAt < classes; classAt += 1) {
          const score = scores.values[anchor * classes + classAt]!
          if (score < scoreMins[classAt]!) continue
          if (Number.isNaN(score)) throw notANumber()
          const at = anchor * 4
          claims.push(checkClaim({ classAt, score, x1: boxes.values[at]!, y1: boxes.values[at + 1]!, x2: boxes.values[at + 2]!, y2: boxes.values[at + 3]! }))
        }
      }
      return claims
    })
  },
}
