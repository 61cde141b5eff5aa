import '@fontsource/be-vietnam-pro/400.css'
import '@fontsource/be-vietnam-pro/500.css'
import '@fontsource/be-vietnam-pro/600.css'
import '../ui/tokens.css'
import '../ui/ui.css'
import '../wall/wall.css'
import '../desk/desk.css'
import '../playback/playback.css'
import '../room/room.css'
import '../cameras/cameras.css'
import '../rules/rules.css'
import '../rules/backtests.css'
import '../models/models.css'
import '../reports/reports.css'
import '../signals/signals.css'
import '../door/door.css'
import './gallery.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createMemoryHistory, createRootRoute, createRoute, createRouter, RouterProvider } from '@tanstack/react-router'
import { useState, type ReactElement, type ReactNode } from 'react'
import { createRoot } from 'react-dom/client'
import { Segments } from '../ui/pieces.js'
import { SignedIn } from '../ui/signed-in.js'
import { openWords, speak, useWords } from '../words/words.js'
import { backtestGroups } from './backtest-groups.js'
import { cameraGroups } from './camera-groups.js'
import { deskGroups } from './desk-groups.js'
import { modelGroups } from './model-groups.js'
import { me } from './fixtures.js'
import { playbackGroups } from './playback-groups.js'
import { roomGroups } from './room-groups.js'
import { presetGroups } from './preset-groups.js'
import { ruleGroups } from './rule-groups.js'
import { signalGroups } from './signal-groups.js'
import { pieceGroups } from './piece-groups.js'
import { wallGroups } from './wall-groups.js'

export interface Cell {
  readonly name: string
  readonly look?: string
  readonly show: () => ReactNode
}
export interface Group {
  readonly name: string
  readonly cells: readonly Cell[]
}

const GROUPS: readonly Group[] = [...pieceGroups, ...wallGroups, ...deskGroups, ...cameraGroups, ...playbackGroups, ...roomGroups, ...modelGroups, ...ruleGroups, ...presetGroups, ...backtestGroups, ...signalGroups]

/** Each component in each of its states, in both themes, with nothing behind it: no server, no camera. */
function Gallery(): ReactElement {
  const { language } = useWords()
  const [size, setSize] = useState<'100' | '125' | '150'>('100')
  return (
    <div className="gallery">
      <header>
        <h1>Vọng Lâu: gallery</h1>
        <Segments label="language" value={language} options={[['vi', 'Tiếng Việt'], ['en', 'English']]} onPick={speak} />
        <Segments label="size" value={size} options={[['100', '100 %'], ['125', '125 %'], ['150', '150 %']]} onPick={(picked) => { setSize(picked); document.documentElement.dataset['size'] = picked }} />
      </header>
      <div className="themes">
        {(['dark', 'light'] as const).map((theme) => (
          <div key={theme} className="half" data-theme={theme}>
            {GROUPS.map((group) => (
              <section key={group.name} className="group">
                <h2>{group.name}</h2>
                <div className="cells">
                  {group.cells.map((cell) => <div key={cell.name} className={`cell ${cell.look ?? ''}`} data-cell={`${group.name}: ${cell.name}`}><small>{cell.name}</small>{cell.show()}</div>)}
                </div>
              </section>
            ))}
          </div>
        ))}
      </div>
    </div>
  )
}

/** Links need a router; these lead nowhere. */
function makeGalleryRouter() {
  const root = createRootRoute({ component: () => <SignedIn.Provider value={me}><Gallery /></SignedIn.Provider> })
  const paths = ['/', '/wall', '/wall/$wallId', '/playback', '/desk', '/desk/$alertId', '/cameras', '/cameras/$cameraId', '/cameras/$cameraId/rules', '/reports', '/reports/$reportId', '/models', '/models/$modelId', '/signals/held', '/signals/held/$incidentId', '/signals/repairs', '/signals/suspensions']
  return createRouter({ routeTree: root.addChildren(paths.map((path) => createRoute({ getParentRoute: () => root, path }))), history: createMemoryHistory({ initialEntries: ['/'] }) })
}

openWords('vi')
const place = document.getElementById('app')
if (place) {
  createRoot(place).render(
    <QueryClientProvider client={new QueryClient()}>
      <RouterProvider router={makeGalleryRouter() as never} />
    </QueryClientProvider>,
  )
}
