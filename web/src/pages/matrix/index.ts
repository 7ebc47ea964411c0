// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';

export const matrix: Page = {
	path: '/quan-tri/vai-tro',
	load: () => import('./matrix'),
};
