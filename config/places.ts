import { join, resolve } from 'node:path'
import type { Settings } from './settings.js'

/** Where the settings say that things lie, with what is relative made whole: one answer for the server and for its commands. */
export function placesOf({ dataFolder, storage, recording }: Pick<Settings, 'dataFolder' | 'storage' | 'recording'>): { readonly storageUrl: string; readonly recordings: string } {
  const file = /^sqlite:(?!\/)(.+)$/.exec(storage.url)?.[1]
  return { storageUrl: file ? `sqlite:${join(dataFolder, file)}` : storage.url, recordings: resolve(dataFolder, recording.folder) }
}
