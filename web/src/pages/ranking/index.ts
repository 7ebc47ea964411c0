// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';
import { say } from '../../words/words';

export const ranking: Page = {
	path: '/xep-hang',
	links: (session) =>
		session.acts.includes('ranking.read')
			? [{ href: '/xep-hang', text: say('ranking.title') }]
			: [],
	load: () => import('./ranking'),
};
