// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';

export const decision: Page = {
	path: '/quyet-dinh/{id}',
	load: () => import('./decision'),
};
