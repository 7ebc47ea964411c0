// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';
import { say } from '../../words/words';

export const units: Page = {
	path: '/don-vi',
	links: (session) => [
		{ href: '/don-vi', text: say('units.title') },
		...new Map( // each unit once, however many roles one has in it
			session.roles.flatMap((role) =>
				role.unit ? [[role.unit, { href: `/don-vi/${role.unit}`, text: role.unit_name ?? role.unit }]] : [],
			),
		).values(),
	],
	load: () => import('./units'),
};
