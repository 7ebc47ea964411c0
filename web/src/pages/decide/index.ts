// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';

export const decide: Page = {
	path: '/ho-so/{id}/quyet-dinh',
	load: () => import('./decide'),
};
