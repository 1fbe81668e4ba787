window.greeting = function (name) {
  'use strict';
  return 'Hello, ' + (name.replace(/^\s+|\s+$/g, '') || 'world') + '!';
};
