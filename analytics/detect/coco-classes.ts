import type { ObjectClass } from '../detection.js'

/** The 80 classes of the COCO data set, in its order; models trained on it answer with these numbers. */
export const COCO_NAMES = [
  'person', 'bicycle', 'car', 'motorcycle', 'airplane', 'bus', 'train', 'truck', 'boat', 'traffic light', 'fire hydrant',
  'stop sign', 'parking meter', 'bench', 'bird', 'cat', 'dog', 'horse', 'sheep', 'cow', 'elephant', 'bear', 'zebra', 'giraffe',
  'backpack', 'umbrella', 'handbag', 'tie', 'suitcase', 'frisbee', 'skis', 'snowboard', 'sports ball', 'kite', 'baseball bat',
  'baseball glove', 'skateboard', 'surfboard', 'tennis racket', 'bottle', 'wine glass', 'cup', 'fork', 'knife', 'spoon', 'bowl',
  'banana', 'apple', 'sandwich', 'orange', 'broccoli', 'carrot', 'hot dog', 'pizza', 'donut', 'cake', 'chair', 'couch',
  'potted plant', 'bed', 'dining table', 'toilet', 'tv', 'laptop', 'mouse', 'remote', 'keyboard', 'cell phone', 'microwave',
  'oven', 'toaster', 'sink', 'refrigerator', 'book', 'clock', 'vase', 'scissors', 'teddy bear', 'hair drier', 'toothbrush',
] as const

const STREET_WORDS: Readonly<Record<string, ObjectClass>> = {
  bicycle: 'two_wheeler', bike: 'two_wheeler', motorcycle: 'two_wheeler', motorbike: 'two_wheeler', motor: 'two_wheeler', scooter: 'two_wheeler',
  pedestrian: 'person', people: 'person', van: 'car',
}

/** The word our rules know for a foreign model's word; a word we have none for stays as it is. */
export function streetClass(name: string): ObjectClass {
  const word = name.trim().toLowerCase()
  return STREET_WORDS[word] ?? (word || 'unnamed')
}
