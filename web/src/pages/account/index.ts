// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';

export const account: Page = {
	path: '/tai-khoan',
	load: () => import('./account'),
};
