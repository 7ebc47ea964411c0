// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';
import { say } from '../../words/words';

export const documents: Page = {
	path: '/van-ban',
	links: (session) =>
		session.acts.includes('document.read') ? [{ href: '/van-ban', text: say('documents.title') }] : [],
	load: () => import('./documents'),
};
