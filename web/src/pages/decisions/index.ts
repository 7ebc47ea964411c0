// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';
import { say } from '../../words/words';

export const decisions: Page = {
	path: '/quyet-dinh',
	links: (session) =>
		session.acts.includes('decision.read') ? [{ href: '/quyet-dinh', text: say('decisions.title') }] : [],
	load: () => import('./decisions'),
};
