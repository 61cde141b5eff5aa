import type { TroubleView } from '../../server/contract/cameras.js'
import type { AlertView } from '../../server/contract/alerts.js'
import { Drawn } from '../ui/drawn.js'
import type { Picture } from '../wall/picture.js'
import { NeighboursCard, NowCard, QueueCard } from '../wall/side.js'
import { NothingSent } from '../wall/screen-show.js'
import { ScreensCard } from '../wall/screens-card.js'
import { EmptyTile, LockedTile, Tile, type TileSound } from '../wall/tile.js'
import { KioskNote } from '../wall/wall.js'
import { PicturesButton, TourBar } from '../wall/wall-bar.js'
import { WallsRows } from '../wall/walls-list.js'
import { WIDE } from '../wall/thin-link.js'
import { ComposePanel } from '../wall/compose-panel.js'
import { savedWalls, screens } from './wall-fixtures.js'
import { alerts, cameras, me, noPlace, NOW_MS, unreachable, wrongPassword } from './fixtures.js'
import type { Cell, Group } from './gallery.js'
import { street } from './street.js'

const nothing = (): void => {}

function tile(name: string, picture: Picture, part: { readonly alert?: AlertView | undefined; readonly spotlight?: boolean; readonly selected?: boolean; readonly via?: string; readonly poor?: TroubleView; readonly sound?: TileSound['is'] } = {}): Cell {
  const hasPicture = picture.is !== 'waiting' && picture.is !== 'off'
  return {
    name,
    look: part.spotlight ? 'w-spot' : 'w-tile',
    show: () => (
      <Tile number={part.spotlight ? 1 : 8} name={part.spotlight ? 'Cầu Hoàng Diệu' : 'Tôn Đức Thắng 51'} picture={picture} now={NOW_MS} alert={part.alert ?? null} spotlight={part.spotlight ?? false} urgent={part.spotlight ?? false} selected={part.selected ?? false} via={part.via ?? null} poor={part.poor ?? null} sound={part.sound ? { is: part.sound, onToggle: nothing } : null} watermark={part.spotlight ? 'lehanh · 19/11/2026 16:48:07' : null} onPick={nothing} onEnlarge={nothing}>
        {hasPicture ? <img src={street(8)} alt="" /> : null}
        {part.spotlight ? <Drawn size={{ width: 1280, height: 720 }} rules={cameras[0]?.rules ?? []} names /> : null}
      </Tile>
    ),
  }
}

const poorLink: TroubleView = { ...unreachable, code: 'degraded', state: { vi: 'Hình kém: mạng hẹp hoặc rớt gói', en: 'Poor picture: narrow or lossy link' }, next: { vi: 'Hình về thưa hơn mức camera gửi: kiểm tra đường mạng, hoặc giảm tốc độ bit của camera.', en: 'Fewer pictures arrive than the camera sends: check the link, or lower the camera’s bit rate.' }, said: '6 of 25 pictures a second arrive' }
const claim = { can: true, waits: false, act: nothing }
const mine = alerts[1] ?? null

export const wallGroups: readonly Group[] = [
  {
    name: 'Tile',
    cells: [
      tile('joining', { is: 'joining' }),
      tile('playing', { is: 'playing', ageMs: 1100 }),
      tile('playing, transcoded', { is: 'playing', ageMs: 1400 }, { via: 'hvc1.1.6.L120.90' }),
      tile('waiting, no place to transcode', { is: 'waiting', sinceMs: null, trouble: noPlace }),
      tile('behind: moving, late, dimmed', { is: 'behind', ageMs: 4400 }),
      tile('playing, but poor', { is: 'playing', ageMs: 1100 }, { poor: poorLink }),
      tile('playing, may be heard', { is: 'playing', ageMs: 1100 }, { sound: 'off' }),
      tile('playing, joining its sound', { is: 'playing', ageMs: 1100 }, { sound: 'joining' }),
      tile('playing, heard', { is: 'playing', ageMs: 1100 }, { sound: 'sounding' }),
      tile('playing, no sound comes', { is: 'playing', ageMs: 1100 }, { sound: 'lost' }),
      tile('lost, 4 s: dimmed', { is: 'lost', ageMs: 4200, trouble: null }),
      tile('lost, 47 s: hatched', { is: 'lost', ageMs: 47_000, trouble: unreachable }),
      tile('lost, hours', { is: 'lost', ageMs: 8_040_000, trouble: wrongPassword }),
      tile('waiting', { is: 'waiting', sinceMs: NOW_MS - 8_040_000, trouble: unreachable }),
      tile('waiting, cause unknown', { is: 'waiting', sinceMs: NOW_MS - 20_000, trouble: null }),
      tile('waiting, only for this browser', { is: 'waiting', sinceMs: null, trouble: null }),
      tile('off', { is: 'off' }),
      tile('selected', { is: 'playing', ageMs: 900 }, { selected: true }),
      tile('with an alert', { is: 'playing', ageMs: 900 }, { alert: alerts[3] }),
      tile('still of a thin link', { is: 'still', ageMs: 3100 }),
      { name: 'locked', look: 'w-tile', show: () => <LockedTile number={7} /> },
      { name: 'empty', look: 'w-tile', show: () => <EmptyTile number={13} words="Ô trống" /> },
      tile('spotlight, unclaimed', { is: 'playing', ageMs: 1100 }, { spotlight: true, alert: alerts[0] }),
      tile('spotlight, claimed', { is: 'playing', ageMs: 1100 }, { spotlight: true, alert: alerts[7] }),
    ],
  },
  {
    name: 'Alert card',
    cells: [
      { name: 'unclaimed', look: 'w-side', show: () => <NowCard alert={alerts[0] ?? null} now={NOW_MS} claim={claim} lastAtMs={null} /> },
      { name: 'claimed', look: 'w-side', show: () => <NowCard alert={mine} now={NOW_MS} claim={claim} lastAtMs={null} /> },
      { name: 'claim waits to be sent', look: 'w-side', show: () => <NowCard alert={alerts[0] ?? null} now={NOW_MS} claim={{ ...claim, waits: true }} lastAtMs={null} /> },
      { name: 'calm', look: 'w-side', show: () => <NowCard alert={null} now={NOW_MS} claim={claim} lastAtMs={NOW_MS - 2_700_000} /> },
      { name: 'never an alert', look: 'w-side', show: () => <NowCard alert={null} now={NOW_MS} claim={claim} lastAtMs={null} /> },
    ],
  },
  {
    name: 'Neighbours',
    cells: [
      { name: 'end of street', look: 'w-side', show: () => <NeighboursCard camera={cameras[0] ?? null} before={null} after={cameras[1] ?? null} active={false} onGo={nothing} /> },
      { name: 'walking', look: 'w-side', show: () => <NeighboursCard camera={cameras[3] ?? null} before={cameras[2] ?? null} after={cameras[4] ?? null} active onGo={nothing} /> },
    ],
  },
  {
    name: 'Tour',
    cells: [
      { name: 'stopped', show: () => <TourBar tour={{ is: 'stopped', page: 0 }} pages={6} onTour={nothing} /> },
      { name: 'held by an alert', show: () => <TourBar tour={{ is: 'held', page: 2, leftMs: 8000 }} pages={6} onTour={nothing} /> },
      { name: 'many pages', show: () => <TourBar tour={{ is: 'stopped', page: 13 }} pages={20} onTour={nothing} /> },
    ],
  },
  {
    name: 'Stills or live',
    cells: [
      { name: 'live', show: () => <PicturesButton shown={false} choice="auto" link={WIDE} onChoose={nothing} /> },
      { name: 'thin link', show: () => <PicturesButton shown choice="auto" link={{ ...WIDE, shows: 'stills', kbps: 310 }} onChoose={nothing} /> },
      { name: 'chosen', show: () => <PicturesButton shown choice="stills" link={WIDE} onChoose={nothing} /> },
    ],
  },
  {
    name: 'Saved walls',
    cells: [
      { name: 'some', look: 'w-side', show: () => <WallsRows walls={savedWalls} groups={{ areas: [{ source: { is: 'area', areaId: 'a' }, name: 'Phường Long Xuyên', cameras: 8 }, { source: { is: 'area', areaId: 'b' }, name: 'Phường Mỹ Thới', cameras: 5 }], streets: [{ source: { is: 'street', street: 'Trần Hưng Đạo' }, name: 'Trần Hưng Đạo', cameras: 6 }] }} cameras={13} shown={{ is: 'saved', wallId: 'wall-1' }} onOpen={nothing} onSaveShown={nothing} onEdit={nothing} onShare={nothing} onRemove={nothing} onOrder={nothing} /> },
      { name: 'none', look: 'w-side', show: () => <WallsRows walls={[]} groups={{ areas: [], streets: [] }} cameras={3} shown={{ is: 'all' }} onOpen={nothing} onSaveShown={nothing} onEdit={nothing} onShare={nothing} onRemove={nothing} onOrder={nothing} /> },
      { name: 'being put together', look: 'w-side', show: () => <ComposePanel draft={{ id: null, name: 'Trục Trần Hưng Đạo', dwellS: 20, shared: false, pages: savedWalls[0]?.pages ?? [] }} page={0} cameras={cameras.slice(0, 4)} selected={2} onChange={nothing} onStep={nothing} onPage={nothing} onPut={nothing} onSave={nothing} onClose={nothing} busy={false} fault={null} /> },
    ],
  },
  {
    name: 'Big screens',
    cells: [
      { name: 'some open', look: 'w-side', show: () => <ScreensCard screens={screens} cameras={cameras} canPush onPush={nothing} onClear={nothing} /> },
      { name: 'only to look', look: 'w-side', show: () => <ScreensCard screens={screens} cameras={cameras} canPush={false} onPush={nothing} onClear={nothing} /> },
      { name: 'kiosk note', show: () => <KioskNote now={NOW_MS} name="Màn hình 2" tour="chặng 3/6" stills={false} /> },
      { name: 'nothing sent', show: () => <NothingSent number={2} withheld={false} /> },
      { name: 'not for these eyes', show: () => <NothingSent number={3} withheld /> },
    ],
  },
  {
    name: 'Wall queue',
    cells: [
      { name: 'some', look: 'w-side', show: () => <QueueCard alerts={alerts} me={me.id} now={NOW_MS} /> },
      { name: 'empty', look: 'w-side', show: () => <QueueCard alerts={[]} me={me.id} now={NOW_MS} /> },
    ],
  },
]
