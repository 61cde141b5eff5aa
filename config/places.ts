import { join, resolve } from 'node:path'
import type { Settings } from './settings.js'

/** Where the settings say that things lie, with what is relative made whole: one answer for the server and for its commands. */
export function placesOf({ dataFolder, storage, recording }: Pick<Settings, 'dataFolder' | 'storage' | 'recording'>): { readonly storageUrl: string; readonly recordings: string } {
  const file = /^sqlite:(?!\/)(.+)$/.exec(storage.url)?.[1]
  return { storageUrl: file ? `sqlite:${join(dataFolder, file)}` : storage.url, recordings: resolve(dataFolder, recording.folder) }
}

/** Where a person's own pair that reads plates lies, made whole like the rest; undefined where ours reads. */
export function plateFilesOf({ dataFolder, eyes }: Pick<Settings, 'dataFolder' | 'eyes'>): Settings['eyes']['plateModels'] {
  if (!eyes.plateModels) return undefined
  const { finder, reader, letters } = eyes.plateModels
  return { finder: resolve(dataFolder, finder), reader: resolve(dataFolder, reader), ...(letters === undefined ? {} : { letters: resolve(dataFolder, letters) }) }
}
