// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';

export const users: Page = {
	path: '/quan-tri/nguoi-dung',
	load: () => import('./users'),
};
