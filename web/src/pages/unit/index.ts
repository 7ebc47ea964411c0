// SPDX-License-Identifier: Apache-2.0
import type { Page } from '../../shell/page';

export const unit: Page = {
	path: '/don-vi/{id}',
	load: () => import('./unit'),
};
