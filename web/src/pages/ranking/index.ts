// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';
import { say } from '../../words/words';

/** Who reads scores or rankings of anybody; the server judges each. */
const readers = new Set(['unit_clerk', 'unit_head', 'specialist', 'head_of_standing_body', 'council_member', 'chair',
	'archivist', 'auditor', 'cluster_leader', 'cluster_deputy']);

export const ranking: Page = {
	path: '/xep-hang',
	links: (session) =>
		session.roles.some(({ role }) => readers.has(role))
			? [{ href: '/xep-hang', text: say('ranking.title') }]
			: [],
	load: () => import('./ranking'),
};
