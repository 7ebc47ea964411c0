// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';

export const documentNew: Page = {
	path: '/van-ban/moi',
	load: () => import('./document-form'),
};

export const documentEdit: Page = {
	path: '/van-ban/{id}/sua',
	load: () => import('./document-form'),
};
