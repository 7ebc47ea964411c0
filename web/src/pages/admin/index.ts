// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';
import { say } from '../../words/words';
import { placesOf } from './places';

export const admin: Page = {
	path: '/quan-tri',
	links: (session) =>
		placesOf(session).length > 0 ? [{ href: '/quan-tri', text: say('admin.title') }] : [],
	load: () => import('./admin'),
};
