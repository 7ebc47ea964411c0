// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';
import { say } from '../../words/words';

export const figures: Page = {
	path: '/so-lieu',
	links: (session) =>
		session.acts.includes('figure.write') ? [{ href: '/so-lieu', text: say('figures.title') }] : [],
	load: () => import('./figures'),
};
