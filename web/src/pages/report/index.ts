// SPDX-License-Identifier: Apache-2.0
import type { Session } from '../../api/types';
import type { Page } from '../../shell/page';
import { say } from '../../words/words';

const builders = new Set(['unit_clerk', 'unit_head', 'specialist', 'head_of_standing_body', 'chair',
	'cluster_leader', 'archivist', 'auditor']);

/** For whom reports and counts are; the server judges each unit. */
export function mayReport(session: Session): boolean {
	return session.roles.some(({ role }) => builders.has(role));
}

export const report: Page = {
	path: '/bao-cao',
	links: (session) => (mayReport(session) ? [{ href: '/bao-cao', text: say('report.title') }] : []),
	load: () => import('./report'),
};
