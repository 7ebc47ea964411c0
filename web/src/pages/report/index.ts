// SPDX-License-Identifier: Apache-2.0
import type { Session } from '../../api/types';
import type { Page } from '../../shell/page';
import { say } from '../../words/words';

/** For whom reports and counts are; the server judges each unit. */
export function mayReport(session: Session): boolean {
	return session.acts.includes('report.run');
}

export const report: Page = {
	path: '/bao-cao',
	links: (session) => (mayReport(session) ? [{ href: '/bao-cao', text: say('report.title') }] : []),
	load: () => import('./report'),
};
