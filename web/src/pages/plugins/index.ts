// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';

export const plugins: Page = {
	path: '/quan-tri/phan-mo-rong',
	load: () => import('./plugins'),
};
