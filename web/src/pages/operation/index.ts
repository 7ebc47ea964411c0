// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';

export const operation: Page = {
	path: '/quan-tri/van-hanh',
	load: () => import('./operation'),
};
