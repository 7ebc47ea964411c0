// SPDX-License-Identifier: Apache-2.0
import type { Session } from '../../api/types';
import type { Page } from '../../shell/page';
import { say } from '../../words/words';

/** Who may make a dossier somewhere; the server judges each one. */
export function mayMake(session: Session): boolean {
	return session.acts.includes('dossier.new');
}

export const makingNew: Page = {
	path: '/lap-ho-so',
	links: (session) => (mayMake(session) ? [{ href: '/lap-ho-so', text: say('making.new') }] : []),
	load: () => import('./start'),
};

export const making: Page = {
	path: '/ho-so/{id}/sua',
	load: () => import('./edit'),
};
