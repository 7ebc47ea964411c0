// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';

export const documentPage: Page = {
	path: '/van-ban/{id}',
	load: () => import('./document'),
};
