import './wall.css'
import { Link, useNavigate, useParams } from '@tanstack/react-router'
import { useMemo, type ReactElement } from 'react'
import type { CameraView } from '../../server/contract/cameras.js'
import type { WallView } from '../../server/contract/wall.js'
import { useCameras, useWalls } from '../api/queries.js'
import { Empty, Settled } from '../ui/pieces.js'
import { useWords } from '../words/words.js'
import { readSource, writeSource, type Source } from './pages.js'
import { Wall } from './wall.js'

export function WallScreen(): ReactElement {
  const { t } = useWords()
  const cameras = useCameras()
  const walls = useWalls()
  const { wallId } = useParams({ strict: false })
  const source = useMemo(() => readSource(wallId), [wallId])
  return (
    <Settled what={t('tab.wall')} query={cameras} rows={8}>
      {(list) => (source.is === 'saved' ? <Settled what={t('walls.title')} query={walls}>{(saved) => <SavedWall source={source} cameras={list} walls={saved} />}</Settled> : <Chosen key={wallId ?? ''} source={source} cameras={list} walls={walls.data ?? []} saved={null} />)}
    </Settled>
  )
}

function SavedWall({ source, cameras, walls }: { readonly source: Extract<Source, { is: 'saved' }>; readonly cameras: readonly CameraView[]; readonly walls: readonly WallView[] }): ReactElement {
  const { t } = useWords()
  const saved = walls.find((wall) => wall.id === source.wallId)
  if (!saved) return <main className="wall alone"><Empty title={t('walls.gone')} next={t('walls.gone_next')}><Link to="/wall" className="btn sm">{t('walls.all')}</Link></Empty></main>
  return <Chosen key={saved.id} source={source} cameras={cameras} walls={walls} saved={saved} />
}

function Chosen(props: { readonly source: Source; readonly cameras: readonly CameraView[]; readonly walls: readonly WallView[]; readonly saved: WallView | null }): ReactElement {
  const { t } = useWords()
  const navigate = useNavigate()
  const open = (source: Source): void => {
    const wallId = writeSource(source)
    void (wallId === undefined ? navigate({ to: '/wall' }) : navigate({ to: '/wall/$wallId', params: { wallId } }))
  }
  if (!props.cameras.length) return <main className="wall alone"><Empty title={t('wall.empty')} next={t('wall.empty_next')} /></main>
  return <Wall {...props} onOpen={open} />
}
