import { RULE_KINDS } from '../../analytics/rules/kinds.js'
import { PRIORITIES } from '../../server/domain/alert.js'
import { ROLES } from '../../server/domain/person.js'
import { GAP_CAUSES, STORAGE_CLASSES } from '../../server/domain/recording.js'
import { textOf } from './sources.js'

const glossary = textOf('server/GLOSSARY.md')
const states = ['connecting', 'live', 'stalled', 'waiting', 'off', 'new', 'claimed', 'confirmed', 'rejected', 'resolved', 'proposed', 'ongoing', 'ended', 'shadow', 'held']

test.each([...RULE_KINDS, ...PRIORITIES, ...ROLES, ...GAP_CAUSES, ...STORAGE_CLASSES, ...states])('“%s” stands in the glossary', (word) => expect(glossary).toContain(`\`${word}\``))
