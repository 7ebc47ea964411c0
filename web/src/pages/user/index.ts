// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';

export const user: Page = {
	path: '/quan-tri/nguoi-dung/{id}',
	load: () => import('./user'),
};
