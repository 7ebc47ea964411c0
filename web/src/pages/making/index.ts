// SPDX-License-Identifier: Apache-2.0
import type { Session } from '../../api/types';
import type { Page } from '../../shell/page';
import { say } from '../../words/words';

/** Who may be let make a dossier somewhere; the server judges each one. */
const makers = ['subject', 'unit_clerk', 'archivist'];

export function mayMake(session: Session): boolean {
	return session.roles.some((role) => makers.includes(role.role));
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
