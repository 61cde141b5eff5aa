/**
 * Stronger models that anyone may have: not in this repository, fetched by name (`npm run models:fetch`) and then tried like any
 * other. Only licences that let a city use and pass them on; the address names one commit, and the SHA-256 is believed over it.
 */
export interface ShelfModel {
  readonly name: string
  readonly title: string
  readonly url: string
  readonly sha256: string
  readonly bytes: number
  readonly licence: string
  readonly attribution: string
}

export const SHELF: readonly ShelfModel[] = [
  {
    name: 'picodet-s-416',
    title: 'PicoDet-S 416 (COCO)',
    url: 'https://raw.githubusercontent.com/hpc203/picodet-onnxruntime/dfe4d6cd0a18cd4126ee381e81df8a0b1e6ad97b/coco/picodet_s_416_coco.onnx',
    sha256: 'cdab77bdde16e4f76bec734c4e5791801d1739e4c7ec1995e0e110e04300d0c2',
    bytes: 4_040_573,
    licence: 'Apache-2.0',
    attribution: 'PicoDet-S by PaddlePaddle (PaddleDetection, Apache-2.0), converted to ONNX by hpc203',
  },
  {
    name: 'yolox-nano',
    title: 'YOLOX-nano 416 (COCO)',
    url: 'https://raw.githubusercontent.com/Kazuhito00/YOLOX-ONNX-TFLite-Sample/3d4f1119d0694200671c08069ecb847aa0d8495a/model/yolox_nano.onnx',
    sha256: '695e750a5d5754bb5a8d5325643b59282191a7e7a564e435a415fd3c578eab14',
    bytes: 3_660_092,
    licence: 'Apache-2.0',
    attribution: 'YOLOX by Megvii (Apache-2.0), ONNX file from Kazuhito00/YOLOX-ONNX-TFLite-Sample',
  },
]

/** Where a fetched model lies, below the folder of the registry: under its hash, as every model there. */
export function fetchedFile(folder: string, { sha256 }: Pick<ShelfModel, 'sha256'>): string {
  return `${folder}/fetched/${sha256}.onnx`
}
