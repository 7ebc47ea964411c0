// SPDX-License-Identifier: Apache-2.0
import type { Session } from '../../api/types';
import type { Page } from '../../shell/page';
import { say } from '../../words/words';

/** Has this reader a role for which dossiers wait? */
export function hasWork(session: Session): boolean {
	return session.roles.some((role) => role.works);
}

export const work: Page = {
	path: '/viec-hom-nay',
	links: (session) => (hasWork(session) ? [{ href: '/viec-hom-nay', text: say('work.title') }] : []),
	load: () => import('./work'),
};
