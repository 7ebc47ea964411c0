// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';

export const newUser: Page = {
	path: '/quan-tri/them-nguoi-dung',
	load: () => import('./new-user'),
};
