// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';
import { say } from '../../words/words';
import { mayReport } from '../report';

export const charts: Page = {
	path: '/bieu-do',
	links: (session) => (mayReport(session) ? [{ href: '/bieu-do', text: say('charts.title') }] : []),
	load: () => import('./charts'),
};
