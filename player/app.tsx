import '@fontsource/be-vietnam-pro/400.css'
import '@fontsource/be-vietnam-pro/500.css'
import '@fontsource/be-vietnam-pro/600.css'
import './ui/tokens.css'
import './ui/ui.css'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { createRoot } from 'react-dom/client'
import { Refused } from './api/client.js'
import { makeRouter } from './routes.js'
import { kept } from './ui/choices.js'
import { openWords } from './words/words.js'

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // A refusal stays a refusal; only silence is worth a second try.
      retry: (failures, fault) => failures < 2 && !(fault instanceof Refused && fault.problem.status >= 400),
      // Whether the server can be reached is told by the socket, not by the browser's guess.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
})

openWords(kept('vonglau.language') === 'en' ? 'en' : 'vi')
const place = document.getElementById('app')
if (place) {
  createRoot(place).render(
    <QueryClientProvider client={queries}>
      <RouterProvider router={makeRouter()} />
    </QueryClientProvider>,
  )
}
