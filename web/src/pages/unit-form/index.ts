// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';

export const unitNew: Page = {
	path: '/don-vi/moi',
	load: () => import('./unit-form'),
};

export const unitEdit: Page = {
	path: '/don-vi/{id}/sua',
	load: () => import('./unit-form'),
};
