import type { ScreenView, WallView } from '../../server/contract/wall.js'
import { cameras, NOW_MS } from './fixtures.js'

/** Fictional walls and screens for the gallery. */
export const savedWalls: readonly WallView[] = [
  { id: 'wall-1', name: 'Trung tâm – ca chiều', pages: [{ layout: '1+12', cameraIds: cameras.map((camera) => camera.id).slice(0, 13), locked: [] }, { layout: '2x2', cameraIds: [], locked: [2] }], dwellS: 20, shared: true, mine: true, by: 'Lê Thị Hạnh' },
  { id: 'wall-2', name: 'Chợ và bến phà', pages: [{ layout: '2x2', cameraIds: [], locked: [] }], dwellS: 20, shared: false, mine: true, by: 'Lê Thị Hạnh' },
  { id: 'wall-3', name: 'Trục Trần Hưng Đạo', pages: [{ layout: '3x3', cameraIds: [], locked: [] }], dwellS: 10, shared: true, mine: false, by: 'Trần Quốc Bảo' },
]

export const screens: readonly ScreenView[] = [
  { number: 1, name: 'Phòng họp', showing: { kind: 'wall', wallId: 'wall-1' }, wall: savedWalls[0] ?? null, withheld: false, by: 'Lê Thị Hạnh', sinceMs: NOW_MS - 60_000, connected: true },
  { number: 2, name: 'Màn hình 2', showing: { kind: 'camera', cameraId: cameras[0]?.id ?? '' }, wall: null, withheld: false, by: 'Lê Thị Hạnh', sinceMs: NOW_MS - 5_000, connected: true },
  { number: 3, name: 'Màn hình 3', showing: null, wall: null, withheld: true, by: 'Trần Quốc Bảo', sinceMs: NOW_MS - 900_000, connected: false },
]
